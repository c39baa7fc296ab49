namespace SchoolHome.Silo.Storage;

/// <summary>The databases that SchoolHome runs on.</summary>
public enum DatabaseKind
{
    /// <summary>One file in the data folder; the silo runs inside the web process, alone.</summary>
    Sqlite,

    /// <summary>A PostgreSQL server that all silo and web processes share.</summary>
    Postgres,
}

/// <summary>Where the school's data lies. Bound from the configuration section <c>SchoolHome</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>Which database. SQLite unless told otherwise.</summary>
    public DatabaseKind Database { get; set; } = DatabaseKind.Sqlite;

    /// <summary>The folder of the SQLite file and of the key certificate; relative to the content root.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>How to reach PostgreSQL. Required with it, ignored without.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// PKCS #12 file whose certificate encrypts the keys behind cookies. Required with PostgreSQL, where every web process needs the same one;
    /// with SQLite one is made in the data folder.
    /// </summary>
    public string? KeyCertificatePath { get; set; }

    /// <summary>Password of <see cref="KeyCertificatePath"/>; null when it has none.</summary>
    public string? KeyCertificatePassword { get; set; }

    internal const string Section = "SchoolHome";

    /// <summary>Reads the options and makes their paths absolute.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing.</exception>
    public static StorageOptions From(IConfiguration configuration, IHostEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(environment);
        var options = configuration.GetSection(Section).Get<StorageOptions>() ?? new StorageOptions();
        options.DataFolder = Path.GetFullPath(options.DataFolder, environment.ContentRootPath);
        if (options.KeyCertificatePath is { Length: > 0 } path)
            options.KeyCertificatePath = Path.GetFullPath(path, environment.ContentRootPath);

        if (options.Database is DatabaseKind.Postgres && string.IsNullOrWhiteSpace(options.ConnectionString))
            throw new InvalidOperationException("SchoolHome:Database is Postgres, but SchoolHome:ConnectionString does not say where it is.");

        return options;
    }
}
