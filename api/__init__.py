"""The doors: settings, the web service and the command line. All of them are thin."""
