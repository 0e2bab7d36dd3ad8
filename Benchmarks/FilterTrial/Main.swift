import Foundation
import RevmetaFilters

/// Tries filters by millions: how fast they are, and whether any text whatever hurts.
@main struct FilterTrial {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case "speed": try SpeedTrial.run()
        case "fuzz" where arguments.count == 3:
            guard let count = Int(arguments[2]), let seed = UInt64(arguments[3]) else { usage() }
            var trial = try FuzzTrial(seed: seed, folder: "Tests/Fixtures/filters")
            try trial.run(count)
        default: usage()
        }
    }

    private static func usage() -> Never {
        FileHandle.standardError.write(Data("usage: filter-trial speed | fuzz COUNT SEED, in the repository's folder\n".utf8))
        exit(2)
    }
}
