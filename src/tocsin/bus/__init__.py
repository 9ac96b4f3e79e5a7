"""Between processes: the doorbell, and the brokers that the demo and the tests start for themselves."""
