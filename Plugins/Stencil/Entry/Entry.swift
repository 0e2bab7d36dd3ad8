internal import RevmetaStencil
public import RevmetaPlugin

private let plugin = Plugin(id: "org.revmeta.stencil", name: "Stencil", version: "0.1.0", templates: StencilEngine.self)

/// The library's one exported function.
@c(revmeta_plugin_v1)
public func revmetaPlugin() -> PluginTable { plugin.table }
