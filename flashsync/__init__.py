"""On-call schedules as code for Flashduty: YAML in git, plan and apply."""

__version__ = "0.1.0"
