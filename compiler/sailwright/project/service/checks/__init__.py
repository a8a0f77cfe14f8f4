"""What no schema can say about a service: the parts of one file must agree with each other."""
