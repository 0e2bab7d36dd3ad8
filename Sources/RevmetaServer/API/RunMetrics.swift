internal import FoundationEssentials
internal import RevmetaEngine
internal import Synchronization

/// Counts what the server's runs came to since it began.
final class RunMetrics: Sendable {
    fileprivate struct RunKey: Hashable {
        var service: String
        var trigger: Job.Trigger
        var result: String
    }

    fileprivate struct State {
        var runs: [RunKey: Int] = [:]
        var facts: [String: RunReport.Counts] = [:]
        var durations: [String: Histogram] = [:]
        var lastEnd: [String: Date] = [:]
        var lastSuccess: [String: Date] = [:]
        var reloads = ["used": 0, "refused": 0]
        var failedJobs: [Job.Trigger: Int] = [:]
        /// When a run for its schedule last ended, by channel; "": of all of them.
        var lastScheduled: [String: Date] = [:]
        /// Of jobs that are not over: the services whose run is counted.
        var counted: [Int: Set<String>] = [:]
    }

    private let state = Mutex(State())

    /// Takes what has happened. Nothing may be left out.
    func take(_ news: ServerNews) {
        let now = Date()
        state.withLock { state in
            switch news {
            case .job(let job): state.take(job, now)
            case .progress: break
            case .ended(let service, _, let report, let took):
                state.facts[service, default: RunReport.Counts()] += report.counts
                state.durations[service, default: Histogram()].add(took / .seconds(1))
            case .reloaded(let problem): state.reloads[problem == nil ? "used" : "refused", default: 0] += 1
            }
        }
    }

    /// When a run for the schedule of a channel last ended; nil: none has.
    func lastScheduled(_ channel: String) -> Date? {
        state.withLock { state in [state.lastScheduled[channel], state.lastScheduled[""]].compactMap { $0 }.max() }
    }

    var families: [MetricFamily] {
        let state = state.withLock { $0 }
        var runs = MetricFamily(
            name: "revmeta_runs_total",
            help: "Runs that are over: done, incomplete (something failed), refused, unusable (no service could be used), "
                + "or failed (it did not come to its end).", kind: .counter)
        for (key, count) in state.runs.sorted(by: {
            ($0.key.service, $0.key.trigger.rawValue, $0.key.result) < ($1.key.service, $1.key.trigger.rawValue, $1.key.result)
        }) {
            runs.add(Double(count), ["service": key.service, "trigger": key.trigger.rawValue, "result": key.result])
        }
        var facts = MetricFamily(
            name: "revmeta_changes_total", help: "Facts that runs looked at, by what became of them.", kind: .counter)
        for (service, counts) in state.facts.sorted(by: { $0.key < $1.key }) {
            for (outcome, count) in counts.byOutcome {
                facts.add(Double(count), ["service": service, "outcome": outcome])
            }
        }
        var durations = MetricFamily(
            name: "revmeta_run_duration_seconds", help: "How long runs took.", kind: .histogram)
        for (service, histogram) in state.durations.sorted(by: { $0.key < $1.key }) {
            durations.samples += histogram.samples(labels: [("service", service)])
        }
        var failed = MetricFamily(
            name: "revmeta_failed_jobs_total", help: "Jobs of which nothing could be run: the catalog was not reached.",
            kind: .counter)
        for (trigger, count) in state.failedJobs.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            failed.add(Double(count), ["trigger": trigger.rawValue])
        }
        var reloads = MetricFamily(
            name: "revmeta_reloads_total", help: "How often the configuration was read again: used, or refused.",
            kind: .counter)
        for (result, count) in state.reloads.sorted(by: { $0.key < $1.key }) {
            reloads.add(Double(count), ["result": result])
        }
        return [
            runs, facts, durations, failed, reloads,
            Self.times(
                "revmeta_last_run_timestamp_seconds", "When a run last ended, well or not.", "service", state.lastEnd),
            Self.times(
                "revmeta_last_success_timestamp_seconds", "When a run was last done.", "service", state.lastSuccess),
        ]
    }

    static func times(_ name: String, _ help: String, _ label: String, _ times: [String: Date]) -> MetricFamily {
        var family = MetricFamily(name: name, help: help, kind: .gauge)
        for (value, time) in times.sorted(by: { $0.key < $1.key }) {
            family.samples.append(MetricFamily.Sample(labels: [(label, value)], value: time.timeIntervalSince1970))
        }
        return family
    }
}

extension RunMetrics.State {
    fileprivate mutating func take(_ job: Job, _ now: Date) {
        for part in job.services where part.state.isOver && counted[job.id]?.contains(part.service) != true {
            counted[job.id, default: []].insert(part.service)
            let result: String
            switch part.state {
            case .ended(_, let exitCode, _, _): result = Self.result(exitCode)
            default: result = "failed"
            }
            runs[RunMetrics.RunKey(service: part.service, trigger: job.trigger, result: result), default: 0] += 1
            lastEnd[part.service] = now
            if result == "done" { lastSuccess[part.service] = now }
        }
        guard job.isOver else { return }
        counted[job.id] = nil
        if job.failure != nil { failedJobs[job.trigger, default: 0] += 1 }
        if job.trigger == .schedule {
            for channel in job.channels ?? [""] { lastScheduled[channel] = now }
        }
    }

    private static func result(_ exitCode: Int32) -> String {
        switch exitCode {
        case 0: "done"
        case 1: "incomplete"
        case 2: "refused"
        default: "unusable"
        }
    }
}

extension RunReport.Counts {
    /// In the words that a report has for them.
    fileprivate var byOutcome: KeyValuePairs<String, Int> {
        [
            "unchanged": unchanged, "set": self.set, "overwritten": overwritten, "cleared": cleared, "kept": kept,
            "skipped": skipped, "conflicts": conflicts, "failed": failed, "unsettled": unsettled,
        ]
    }
}
