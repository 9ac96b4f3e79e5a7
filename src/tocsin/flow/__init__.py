"""The loops: handle, project, deliver, policies; and the ports they need."""
