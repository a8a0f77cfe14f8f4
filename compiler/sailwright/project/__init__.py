"""Understand: sailwright.yaml, the targets it declares, and all the services of a project together."""

from sailwright.project.istio import IstioSettings
from sailwright.project.model import Project
from sailwright.project.reading import ProjectReading, read_project
from sailwright.project.services import Services, choose_targets, read_services, service_files
from sailwright.source.files.discovery import find_project, need_project

__all__ = [
    "IstioSettings",
    "Project",
    "ProjectReading",
    "Services",
    "choose_targets",
    "find_project",
    "need_project",
    "read_project",
    "read_services",
    "service_files",
]
