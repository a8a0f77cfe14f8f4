"""`check`: all checks of a pull request."""
