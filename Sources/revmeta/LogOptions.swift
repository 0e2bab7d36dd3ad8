internal import ArgumentParser

extension LogOutput.Format: ExpressibleByArgument {}

/// Options that say how standard error speaks.
struct LogOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Tell more: what happens when, and what plugins say about their work.")
    var verbose = false

    @Option(
        name: .customLong("log-format"),
        help: ArgumentHelp(
            "What standard error holds: text, or json with a line for each thing that happens.",
            discussion: """
                The fields of a line say what it is about: run, service, database, channel, entity, attribute, outcome, \
                reason. Values of facts are not told.
                """))
    var format = LogOutput.Format.text

    /// Errors of the configuration are told in the same way, so it is settled before any work.
    func validate() {
        LogOutput.configure(format, isVerbose: verbose)
    }
}
