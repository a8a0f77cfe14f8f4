"""The commands and what each is for."""

from __future__ import annotations

COMMANDS = {
    "build": "Compile the service files into the manifests that will run.",
    "lint": "Check service files and manifests: what is wrong, where, and what to do.",
    "validate": "Find what the API server or Istio's webhook would refuse.",
    "inject": "Add the Istio sidecar to any workload, offline.",
    "diff": "Report what a pull request changes: versions, weights, routes, traffic.",
    "route": "Show where a request goes, without a cluster.",
    "test": "Run the `tests:` of the service files against the simulated mesh.",
    "check": "Run all checks of a pull request: lint, test, build --check and validate.",
    "merge": "Report the results of `check` jobs that each checked a share of the services.",
    "upgrade-check": "Report what a new release of Istio changes, per service.",
    "migrate": "Plan the move to the Gateway API or to ambient mode, service by service.",
    "weight": "Change the weights of a service's versions in its service.yaml.",
    "image": "Change the image of a service's version in its service.yaml.",
    "init": "Start a repository, or write service files for existing manifests.",
    "adopt": "Write service files for existing manifests, and verify that no request moves.",
    "eject": "Write plain manifests of a service, to maintain it without Sailwright.",
    "new": "Add a service.",
    "rules": "List the lint rules.",
    "explain": "Explain a lint rule, with examples.",
    "doctor": "Report the program, project, tools and caches that Sailwright finds.",
    "cache": "Report what is kept between runs and how large it is, or remove it.",
    "completion": "Print the completion script of bash, zsh or fish.",
    "schema": "Print the schemas of service.yaml and sailwright.yaml, or import those of custom resources.",
}
