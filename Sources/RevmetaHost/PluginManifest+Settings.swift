public import RevmetaModel

extension PluginManifest {
    /// What is wrong with the settings that a service has. What it lacks is not: the catalog may know it.
    ///
    /// Why unknown ones are no mere warning: a misspelt `sslMode` would leave a connection less safe than it was meant.
    func problems(of service: ServiceDefinition) -> [SettingProblem] {
        service.connection.keys.sorted().compactMap { key in
            guard let setting = settings.first(where: { $0.key == key }) else {
                let known = settings.map(\.key).joined(separator: ", ")
                return SettingProblem(
                    key: key,
                    message: "'\(key)' is no setting of the plugin \(id): correct it or take it out. "
                        + (known.isEmpty ? "It has none" : "It has \(known)"))
            }
            guard let value = service.connection[key]?.exposed, let expected = setting.expectation(unlessMetBy: value) else {
                return nil
            }
            return SettingProblem(key: key, message: "'\(key)' must be \(expected)")
        }
    }

    /// Refuses a service with a setting that is wrong, or without one that the connector needs.
    func check(_ service: ServiceDefinition) throws(Failure) {
        if let problem = problems(of: service).first {
            throw Failure(.config, "service '\(service.name)': \(problem.message)")
        }
        for setting in settings where setting.required && service.connection[setting.key] == nil {
            throw Failure(
                .config, "service '\(service.name)' lacks the setting '\(setting.key)', which its plugin \(id) needs")
        }
    }
}

extension PluginManifest.Setting {
    /// What an integer may be, in words; nil: any.
    public var range: String? {
        switch (minimum, maximum) {
        case (let minimum?, let maximum?): "from \(minimum) to \(maximum)"
        case (let minimum?, nil): "of at least \(minimum)"
        case (nil, let maximum?): "of at most \(maximum)"
        case (nil, nil): nil
        }
    }

    /// What a value should be and is not; nil: it is.
    fileprivate func expectation(unlessMetBy value: String) -> String? {
        switch type {
        case "integer":
            if let number = Int(value), number >= minimum ?? .min, number <= maximum ?? .max { return nil }
            return ["a whole number", range].compactMap(\.self).joined(separator: " ")
        case "boolean":
            return ["true", "false"].contains(value) ? nil : "true or false"
        default:
            return values.isEmpty || values.contains(value) ? nil : "one of \(values.joined(separator: ", "))"
        }
    }
}

extension PluginDirectory {
    /// What is wrong with a service's settings, by the manifest of its plugin.
    ///
    /// A service without a plugin is complained about where the plugin is wanted.
    public func settingProblems(of service: ServiceDefinition) -> [SettingProblem] {
        (try? plugin(for: service))?.manifest.problems(of: service) ?? []
    }
}
