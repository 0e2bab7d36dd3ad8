import Foundation
public import RevmetaModel

/// `revmeta.yaml`: where it is, and what it says.
public enum ConfigurationFile {
    /// The file's usual name.
    public static let name = "revmeta.yaml"

    /// The path of the file to use: the explicit one, else `REVMETA_CONFIG`, else `revmeta.yaml` in the folder.
    ///
    /// An empty variable counts as none. The file need not exist: ``load(path:environment:)`` says so if it does not.
    public static func locate(
        explicit path: String?, environment: [String: String], currentFolder: String
    ) -> String {
        let variable = environment["REVMETA_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        return (path ?? variable ?? name).absolutePath(in: currentFolder)
    }

    /// Where the journal is, as an absolute path, whatever else the file says: to look at what was done needs neither a password
    /// nor a channel that is right.
    public static func journalPath(
        path: String, environment: [String: String]
    ) throws(ConfigurationProblems) -> String {
        let (text, folder) = try text(of: path)
        var document = DocumentReader(file: path)
        let root = try document.read(text)
        let reading = Reading(file: path, references: References(environment: environment, folder: folder))
        var settings: ConfigurationKeys.JournalSettings?
        if case .mapping(let entries) = root.content, let journal = entries.first(where: { $0.key == "journal" }) {
            settings = ConfigurationKeys.journal.read(journal.value, reading) ?? nil
        }
        guard reading.problems.isEmpty else { throw ConfigurationProblems(reading.problems) }
        return settings?.path ?? reading.references.absolute(ConfigurationKeys.defaultJournalPath)
    }

    /// Reads the file, or says all that is wrong with it.
    ///
    /// - Parameter settingProblems: What is wrong with a service's settings, by somebody who knows the plugins.
    public static func load(
        path: String, environment: [String: String],
        settingProblems: @escaping (ServiceDefinition) -> [SettingProblem] = { _ in [] }
    ) throws(ConfigurationProblems) -> Configuration {
        let (text, folder) = try text(of: path)
        return try parse(
            text, file: path, folder: folder, environment: environment, settingProblems: settingProblems)
    }

    private static func text(of path: String) throws(ConfigurationProblems) -> (text: String, folder: String) {
        let text: String
        do {
            text = try TextFile(path: path).read(atMost: DocumentReader.longestText)
        } catch {
            let message =
                if case .missing = error {
                    "there is no such file: write one with 'revmeta init', or name another with --config PATH"
                } else {
                    "the configuration \(error.description)"
                }
            throw ConfigurationProblems([ConfigurationProblem(file: path, message: message)])
        }
        let absolute = path.absolutePath(in: FileManager.default.currentDirectoryPath)
        return (text, "/" + absolute.split(separator: "/").dropLast().joined(separator: "/"))
    }

    /// Reads the text of a file, or says all that is wrong with it.
    ///
    /// - Parameters:
    ///   - file: The file's name, for problems only.
    ///   - folder: Where relative paths begin, itself absolute.
    public static func parse(
        _ text: String, file: String, folder: String, environment: [String: String],
        settingProblems: @escaping (ServiceDefinition) -> [SettingProblem] = { _ in [] }
    ) throws(ConfigurationProblems) -> Configuration {
        var document = DocumentReader(file: file)
        let root = try document.read(text)
        let reading = Reading(
            file: file, references: References(environment: environment, folder: folder), settingProblems: settingProblems)
        let configuration = ConfigurationKeys.configuration.read(root, reading)
        guard let configuration, reading.problems.isEmpty else { throw ConfigurationProblems(reading.problems) }
        return configuration
    }
}
