"""Random fault runs: whatever goes wrong, nothing is lost, nothing doubled, and all is told."""
