internal import RevmetaEngine
internal import RevmetaHost
internal import RevmetaModel

/// A service, as a program is told of it. How it is reached is nobody's business who need not reach it.
struct ServiceAnswer: Encodable {
    var name: String
    var type: String
    /// The id of its plugin; absent: there is none.
    var plugin: String?
    /// Names of the channels that write to it.
    var channels: [String]
    /// The number of the run that goes on there; absent: none does.
    var run: Int64?
    /// How many runs wait for it.
    var waiting: Int

    init(_ service: ServiceDefinition, of configuration: Configuration, _ plugins: PluginDirectory, _ jobs: [Job]) {
        name = service.name
        type = service.type
        plugin = (try? plugins.plugin(for: service))?.manifest.id
        channels = configuration.channels.map(\.name).filter { channel in
            configuration.services(ofChannels: [channel]).contains { $0.name == service.name }
        }
        waiting = 0
        for job in jobs where !job.isOver {
            for part in job.services where part.service == service.name {
                switch part.state {
                case .waiting: waiting += 1
                case .running(let number): run = number
                case .ended, .failed: break
                }
            }
        }
    }
}
