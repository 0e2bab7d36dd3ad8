import Glibc
import RevmetaFormat
import RevmetaPlugin
import RevmetaSQLText
import RevmetaStencil

// Templates drawn from pieces of SQL and of both engines' languages, compiled and rendered with hostile values: nothing
// may crash, hang or grow, and no value may change how many statements there are, or leave one open.
//
//   template-fuzz COUNT [SEED]

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 0
let seed = CommandLine.arguments.dropFirst(2).first.flatMap { UInt64($0) } ?? 1
guard count > 0 else {
    print("usage: template-fuzz COUNT [SEED]")
    exit(2)
}

var fuzz = Fuzz(seed: seed)
for number in 0..<count {
    if let problem = fuzz.step() {
        print("template-fuzz: input \(number) of seed \(seed): \(problem)")
        exit(1)
    }
}
print("\(count) inputs: \(fuzz.compiled) compiled, \(fuzz.rendered) rendered, peak memory \(peakMemory()) MiB")
// Less would mean that the inputs no longer come through to what they try.
guard fuzz.compiled > count / 50, fuzz.rendered > count / 100, peakMemory() < 400 else { exit(1) }

/// What the process took at most, in MiB.
func peakMemory() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
}
