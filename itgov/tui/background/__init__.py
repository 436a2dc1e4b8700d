"""What is done while keys are answered: reading, watching, measuring the history, idle tasks."""
