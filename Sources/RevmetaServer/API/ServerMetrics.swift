internal import FoundationEssentials
internal import RevmetaHost
internal import RevmetaJournal
internal import RevmetaModel

/// What Prometheus is told of the server.
struct ServerMetrics: Sendable {
    let supervisor: Supervisor
    let requests: RequestMetrics
    let runs: RunMetrics
    let began = Date()

    func text() async throws -> String {
        let jobs = await supervisor.recentJobs, configuration = await supervisor.configuration
        let backlog = try await supervisor.journal.eventBacklog(), now = Date()
        var families = [build, start] + runs.families + waiting(jobs, configuration)
        families += await inbox(backlog, now) + [restarts()] + schedules(configuration, now) + requests.families
        return families.map(\.text).joined()
    }

    private var build: MetricFamily {
        var family = MetricFamily(name: "revmeta_build_info", help: "The revmeta that serves.", kind: .gauge)
        family.add(1, ["version": supervisor.setup.version])
        return family
    }

    private var start: MetricFamily {
        var family = MetricFamily(name: "revmeta_start_timestamp_seconds", help: "When the server began.", kind: .gauge)
        family.add(began.timeIntervalSince1970)
        return family
    }

    private func waiting(_ jobs: [Job], _ configuration: Configuration) -> [MetricFamily] {
        var running: [String: Int] = [:], waiting: [String: Int] = [:]
        for service in configuration.services { (running[service.name], waiting[service.name]) = (0, 0) }
        for part in jobs.lazy.filter({ !$0.isOver }).flatMap(\.services) {
            switch part.state {
            case .waiting: waiting[part.service, default: 0] += 1
            case .running: running[part.service, default: 0] += 1
            case .ended, .failed: break
            }
        }
        func family(_ name: String, _ help: String, _ counts: [String: Int]) -> MetricFamily {
            var family = MetricFamily(name: name, help: help, kind: .gauge)
            for (service, count) in counts.sorted(by: { $0.key < $1.key }) {
                family.add(Double(count), ["service": service])
            }
            return family
        }
        return [
            family("revmeta_runs_running", "Runs that go on.", running),
            family("revmeta_runs_waiting", "Runs that wait for an earlier one of their service.", waiting),
        ]
    }

    private func inbox(_ backlog: EventBacklog, _ now: Date) -> [MetricFamily] {
        var events = MetricFamily(
            name: "revmeta_inbox_events", help: "Events of the catalog that are not dealt with yet.", kind: .gauge)
        events.add(Double(backlog.events))
        var lag = MetricFamily(
            name: "revmeta_inbox_lag_seconds",
            help: "How long ago the first event happened that is not dealt with yet, by the catalog's clock; 0: none is.",
            kind: .gauge)
        lag.add(backlog.oldest.map { max(0, now.timeIntervalSince1970 - Double($0) / 1000) } ?? 0)
        return [events, lag]
    }

    private func restarts() async -> MetricFamily {
        var family = MetricFamily(
            name: "revmeta_worker_restarts_total",
            help: "How often the process of a service's plugin was started again because it had ended by itself.",
            kind: .counter)
        for (service, count) in await supervisor.workerRestarts.sorted(by: { $0.key < $1.key }) {
            family.add(Double(count), ["service": service])
        }
        return family
    }

    private func schedules(_ configuration: Configuration, _ now: Date) -> [MetricFamily] {
        let scheduled = configuration.scheduledChannels
        let next = Dictionary(scheduled.map { ($0.name, $0.schedule.next(after: now)) }) { first, _ in first }
        let last = next.keys.compactMap { name in runs.lastScheduled(name).map { (name, $0) } }
        return [
            RunMetrics.times(
                "revmeta_schedule_next_timestamp_seconds", "The next time of a channel's schedule.", "channel", next),
            RunMetrics.times(
                "revmeta_schedule_last_timestamp_seconds", "When a run for a channel's schedule last ended.", "channel",
                Dictionary(uniqueKeysWithValues: last)),
        ]
    }
}
