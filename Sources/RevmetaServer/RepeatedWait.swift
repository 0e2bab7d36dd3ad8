/// How long to wait before something is tried again that has failed before.
enum RepeatedWait {
    static let first = Duration.seconds(1)
    private static let longest = Duration.seconds(60)

    static func after(failures: Int) -> Duration { min(longest, first * (1 << min(max(failures, 1) - 1, 6))) }
}
