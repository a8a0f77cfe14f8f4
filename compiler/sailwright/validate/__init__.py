"""What the API server and Istio's webhook would refuse, without either of them."""
