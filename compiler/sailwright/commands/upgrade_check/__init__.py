"""What a new release of Istio changes, service by service: begin with run.py."""
