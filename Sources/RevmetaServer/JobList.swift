internal import RevmetaEngine

/// The jobs that go on, and those that were over last.
struct JobList {
    /// In the order in which they were asked for.
    private(set) var all: [Job] = []
    private var last = 0

    /// So many are remembered, unless more go on.
    private static let most = 1000

    subscript(id: Int) -> Job? { all.first { $0.id == id } }

    mutating func add(_ trigger: Job.Trigger, _ channels: [String]?, _ services: [String]) -> Job {
        last += 1
        let parts = services.map { Job.Part(service: $0, state: .waiting) }
        let job = Job(id: last, trigger: trigger, channels: channels, services: parts)
        all.append(job)
        if all.count > Self.most {
            // Nobody waits for those of changes, of which there are most.
            let index = all.firstIndex { $0.isOver && $0.trigger == .changes } ?? all.firstIndex(where: \.isOver)
            if let index { all.remove(at: index) }
        }
        return job
    }

    /// Gives the job as it is then; nil: it is not remembered any more, or has no such service.
    mutating func set(_ state: Job.State, of service: String, _ id: Int) -> Job? {
        guard let job = all.firstIndex(where: { $0.id == id }),
            let part = all[job].services.firstIndex(where: { $0.service == service })
        else { return nil }
        all[job].services[part].state = state
        return all[job]
    }

    mutating func fail(_ id: Int, _ reason: String) -> Job? {
        guard let index = all.firstIndex(where: { $0.id == id }) else { return nil }
        all[index].failure = reason
        return all[index]
    }
}
