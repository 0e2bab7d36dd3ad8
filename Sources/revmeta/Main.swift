internal import ArgumentParser
internal import Glibc
internal import Logging

/// Starts the command line, and turns how it ends into the documented exit statuses.
@main
enum Main {
    static func main() async {
        // A reader that goes away (`revmeta plan | head`) is an error of writing, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // So is a limit on the size of files (`ulimit -f`): the journal says that it cannot grow.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var command = try RevmetaCommand.parseAsRoot(arguments)
            if !(command is ServeCommand) { Memory.settleForOneTask() }
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            leave(0)
        } catch let status as ExitCode {
            leave(status.rawValue)
        } catch let error as Complaint {
            LogOutput.tell(.error, error.text)
            leave(error.status)
        } catch {
            // Arguments that cannot be understood, --help and --version. Usage errors are 2 here, whatever the system says.
            let text = RevmetaCommand.fullMessage(for: error)
            let isWish = RevmetaCommand.exitCode(for: error) == .success
            (isWish ? Terminal.standardOutput : Terminal.standardError).line(text)
            leave(isWish ? 0 : 2)
        }
    }

    /// What the program was given. Swift has none of it where certain libraries are preloaded (libfaketime), and a program
    /// without arguments shows its help instead of doing its work.
    private static var arguments: [String] {
        if CommandLine.argc > 0 { return Array(CommandLine.arguments.dropFirst()) }
        guard let file = fopen("/proc/self/cmdline", "re") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        return bytes.split(separator: 0, omittingEmptySubsequences: false).dropFirst().dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private static func leave(_ status: Int32) -> Never {
        Terminal.standardOutput.flush()
        if let problem = Terminal.standardOutput.problem {
            LogOutput.tell(.error, "The output could not be written whole: \(problem)")
            exit(status == 0 ? 1 : status)
        }
        exit(status)
    }
}
