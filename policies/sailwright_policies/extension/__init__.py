"""WasmPlugins, TrafficExtensions and ProxyConfigs."""
