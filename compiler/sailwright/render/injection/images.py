"""Which image the injected containers run."""

from __future__ import annotations

from sailwright.mesh.values.proxy_config import ProxyConfig
from sailwright.render.injection import names
from sailwright.render.injection.pod import Pod
from sailwright.render.injection.settings import InjectionSettings

_TYPES = ("distroless", "debug")
"""The image types that Istio publishes; as a tag's suffix they are replaced, not added to."""


def proxy_image(settings: InjectionSettings, pod: Pod, config: ProxyConfig) -> str:
    """The sidecar's image: an annotation or value with a slash is a whole image, anything else is put together."""
    name = settings.defaults["image"]
    whole = pod.annotations.get(names.PROXY_IMAGE, name)
    return whole if "/" in whole else _put_together(settings, name, _type(settings, pod, config))


def init_image(settings: InjectionSettings, pod: Pod, config: ProxyConfig) -> str:
    """The image of istio-init and istio-validation. Before 1.31 `proxy_init.image` counted only as a whole image."""
    name = settings.defaults["initImage"]
    whole = pod.annotations.get(names.PROXY_IMAGE, name)
    if "/" in whole:
        return whole
    if "init-image" in settings.differences:
        return _put_together(settings, name, _type(settings, pod, {}))
    return _put_together(settings, settings.defaults["image"], _type(settings, pod, config))


def _type(settings: InjectionSettings, pod: Pod, config: ProxyConfig) -> str:
    image = config.get("image")
    configured = settings.defaults["variant"] if image is None else image.get("imageType", "")
    return pod.annotations.get(names.PROXY_IMAGE_TYPE, configured)


def _put_together(settings: InjectionSettings, name: str, image_type: str) -> str:
    hub, tag = settings.defaults["hub"], settings.defaults["tag"]
    return f"{hub}/{name or 'proxyv2'}:{_typed(tag, image_type)}"


def _typed(tag: str, image_type: str) -> str:
    """A tag with an image type as its suffix; the type `default` has none."""
    if not image_type:
        return tag
    for known in _TYPES:
        if tag.endswith(f"-{known}"):
            tag = tag.removesuffix(f"-{known}")
            break
    return tag if image_type == "default" else f"{tag}-{image_type}"
