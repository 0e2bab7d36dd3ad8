import Foundation
import RevmetaEngine
import Testing

@testable import RevmetaServer

@Suite struct MetricsTests {
    @Test func labelsAndHelpAreEscaped() {
        var family = MetricFamily(name: "m", help: "a \\ b\nc \"d\"", kind: .gauge)
        family.add(1.5, ["service": "a\\b\n\"c\""])
        family.add(.infinity)
        #expect(family.text == #"""
            # HELP m a \\ b\nc "d"
            # TYPE m gauge
            m{service="a\\b\n\"c\""} 1.5
            m +Inf

            """#)
    }

    @Test func aHistogramCountsWhatIsShorterToo() {
        var histogram = Histogram()
        for seconds in [0.01, 0.02, 7, 1_000_000] { histogram.add(seconds) }
        let samples = histogram.samples(labels: [("service", "shop")])
        let buckets = samples.filter { $0.suffix == "_bucket" }
        let counts = Dictionary(uniqueKeysWithValues: buckets.map { ($0.labels[1].value, $0.value) })
        #expect(counts["0.01"] == 1 && counts["0.025"] == 2 && counts["5"] == 2 && counts["10"] == 3 && counts["3600"] == 3)
        #expect(counts["+Inf"] == 4)
        #expect(samples.suffix(2).map(\.value) == [1_000_007.03, 4])
    }

    private func job(_ id: Int, _ states: [Job.State], trigger: Job.Trigger = .api, channels: [String]? = nil) -> Job {
        var job = Job(id: id, trigger: trigger, channels: channels, services: [], failure: nil)
        job.services = states.enumerated().map { Job.Part(service: "s\($0)", state: $1) }
        return job
    }

    private func samples(_ metrics: RunMetrics, _ name: String) -> [String] {
        let family = metrics.families.first { $0.name == name }
        let lines = family?.text.split(separator: "\n").filter { !$0.hasPrefix("#") } ?? []
        return lines.map { String($0.dropFirst(name.count)) }
    }

    /// A job is told of with each change of a part: each part's end counts once.
    @Test func runsAreCountedOnce() {
        let metrics = RunMetrics(), counts = RunReport.Counts()
        let done = Job.State.ended(1, exitCode: 0, counts: counts, notices: [])
        metrics.take(.job(job(1, [.waiting, .waiting])))
        metrics.take(.job(job(1, [done, .running(2)])))
        metrics.take(.job(job(1, [done, .ended(2, exitCode: 1, counts: counts, notices: [])])))
        metrics.take(.job(job(2, [.failed(3, "lost"), .ended(4, exitCode: 3, counts: counts, notices: [])], trigger: .changes)))
        #expect(samples(metrics, "revmeta_runs_total") == [
            #"{service="s0",trigger="api",result="done"} 1"#, #"{service="s0",trigger="changes",result="failed"} 1"#,
            #"{service="s1",trigger="api",result="incomplete"} 1"#, #"{service="s1",trigger="changes",result="unusable"} 1"#,
        ])
        #expect(samples(metrics, "revmeta_last_success_timestamp_seconds").count == 1)
        #expect(samples(metrics, "revmeta_last_run_timestamp_seconds").count == 2)
    }

    @Test func factsReloadsAndFailedJobsAreCounted() {
        let metrics = RunMetrics()
        var report = RunReport()
        (report.counts.set, report.counts.failed) = (3, 1)
        for _ in 1...2 { metrics.take(.ended(service: "shop", trigger: .api, report, took: .milliseconds(20))) }
        metrics.take(.reloaded(problem: nil))
        metrics.take(.reloaded(problem: "no"))
        metrics.take(.reloaded(problem: "no"))
        var failed = job(1, [.waiting])
        failed.failure = "the catalog was not reached"
        metrics.take(.job(failed))
        #expect(samples(metrics, "revmeta_changes_total").contains(#"{service="shop",outcome="set"} 6"#))
        #expect(samples(metrics, "revmeta_changes_total").contains(#"{service="shop",outcome="failed"} 2"#))
        #expect(samples(metrics, "revmeta_reloads_total") == [#"{result="refused"} 2"#, #"{result="used"} 1"#])
        #expect(samples(metrics, "revmeta_failed_jobs_total") == [#"{trigger="api"} 1"#])
    }

    @Test func theLastScheduledRunIsKnownByChannel() {
        let metrics = RunMetrics(), done = Job.State.ended(1, exitCode: 0, counts: RunReport.Counts(), notices: [])
        metrics.take(.job(job(1, [done])))
        #expect(metrics.lastScheduled("a") == nil)
        metrics.take(.job(job(2, [done], trigger: .schedule, channels: ["a"])))
        #expect(metrics.lastScheduled("a") != nil && metrics.lastScheduled("b") == nil)
        metrics.take(.job(job(3, [done], trigger: .schedule)))
        #expect(metrics.lastScheduled("b") != nil)
    }
}
