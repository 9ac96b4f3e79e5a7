"""Where things are kept. One contract test runs on every journal here."""
