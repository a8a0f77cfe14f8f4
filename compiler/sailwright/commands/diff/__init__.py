"""`diff`: what a pull request changes in versions, weights, routes and traffic."""
