"""The walk of one euro, in a real browser against the real server and the real worker."""
