"""The ways to reach people. None knows another."""
