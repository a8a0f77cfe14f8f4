"""What Istio's sidecar injector does to a pod, offline, for every known release.

    settings = settings_from(values, mesh_config, release="1.30.3", sidecar_mode="native")
    result = inject(deployment, settings)

Both are pure. Build the settings once; `inject` is called for each object.
"""
