"""Documents of the mix: takes, features, verdicts, the plan."""
