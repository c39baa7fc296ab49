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

    /// <summary>
    /// Whether writes of different actors that wait at the same time are committed together. Without it Orleans' own provider writes each alone, into the same rows.
    /// </summary>
    public bool GroupCommit { get; set; } = true;

    /// <summary>How many rows are committed together at most.</summary>
    public int GroupRows { get; set; } = 1000;

    /// <summary>With how many bytes of states a group is full. The row that passes the limit is still in it.</summary>
    public int GroupBytes { get; set; } = 4 * 1024 * 1024;

    internal const string Section = "SchoolHome";

    /// <summary>Reads the options and makes their paths absolute.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or has no meaning.</exception>
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

        if (options.GroupRows < 1 || options.GroupBytes < 1)
            throw new InvalidOperationException("SchoolHome:GroupRows and SchoolHome:GroupBytes must be 1 or more.");

        return options;
    }
}
