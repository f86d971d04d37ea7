"""Documents asked for, checked and renewed; ceilings watched."""
