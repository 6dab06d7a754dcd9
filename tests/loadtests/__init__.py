"""The load test: what is pure in a process of ours, what needs Locust in one of its own (it patches)."""
