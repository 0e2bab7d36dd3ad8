import RevmetaModel

/// One pass over a file: what values may refer to, and the problems found so far.
final class Reading {
    let file: String
    let references: References
    /// What is wrong with a service's settings, by somebody who knows the plugins.
    let settingProblems: (ServiceDefinition) -> [SettingProblem]
    private(set) var problems: [ConfigurationProblem] = []

    init(
        file: String, references: References, settingProblems: @escaping (ServiceDefinition) -> [SettingProblem] = { _ in [] }
    ) {
        self.file = file
        self.references = references
        self.settingProblems = settingProblems
    }

    func report(_ place: Place, _ message: String) {
        problems.append(
            ConfigurationProblem(file: file, position: place.position, path: place.path, message: message))
    }

    /// The text with its references replaced; a reference that cannot be is reported.
    func expand(_ text: String, at place: Place) -> String? {
        do {
            return try references.expand(text)
        } catch {
            report(place, error.message)
            return nil
        }
    }
}
