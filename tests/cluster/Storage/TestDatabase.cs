using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Storage;
using SchoolHome.Silo;

namespace SchoolHome.Tests.Storage;

/// <summary>An empty database, the settings by which a host finds it, and a look into it from outside.</summary>
internal sealed class TestDatabase : IDisposable
{
    private readonly string _folder;
    private readonly string? _postgres;

    private TestDatabase(string? postgres) : this(Directory.CreateTempSubdirectory("schoolhome-test-").FullName, postgres) { }

    public static TestDatabase Sqlite() => new(null);

    public static TestDatabase Postgres(string connectionString) => new(connectionString);

    /// <summary>As the process that made it left it, in a folder that somebody else deletes.</summary>
    public TestDatabase(string folder, string? postgres) => (_folder, _postgres) = (folder, postgres);

    public string Folder => _folder;

    public bool IsPostgres => _postgres is not null;

    public string? ConnectionString => _postgres;

    public Dictionary<string, string?> Settings => _postgres is null
        ? new() { ["SchoolHome:DataFolder"] = _folder }
        : new() { ["SchoolHome:DataFolder"] = _folder, ["SchoolHome:Database"] = "Postgres", ["SchoolHome:ConnectionString"] = _postgres };

    /// <summary>A host builder with these settings and nothing from the machine's environment.</summary>
    public HostApplicationBuilder Builder(params (string Name, string Value)[] more)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = _folder });
        _ = builder.Configuration.AddInMemoryCollection(Settings);
        _ = builder.Configuration.AddInMemoryCollection(more.ToDictionary(pair => pair.Name, pair => (string?)pair.Value));
        _ = builder.Logging.ClearProviders();
        return builder;
    }

    public async Task<IHost> StartSiloAsync(params (string Name, string Value)[] more)
    {
        var builder = Builder(more);
        _ = builder.UseSchoolHomeSilo(builder.Configuration);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    public Task<List<string>> ReadAsync(string sql) => RunAsync(sql, SqliteOpenMode.ReadOnly);

    /// <summary>Changes something that the silo knows nothing of, e.g. a trigger that fails its writes.</summary>
    public Task ChangeAsync(string sql) => RunAsync(sql, SqliteOpenMode.ReadWrite);

    private async Task<List<string>> RunAsync(string sql, SqliteOpenMode mode)
    {
        await using DbConnection connection = _postgres is null
            ? new SqliteConnection($"Data Source={Path.Combine(_folder, "schoolhome.sqlite")};Pooling=false;Mode={mode}")
            : new NpgsqlConnection(_postgres + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i).ToString())));
        return rows;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

internal static class TestHosts
{
    /// <summary>The provider under the name that actors' states use.</summary>
    public static IGrainStorage Storage(this IHost host) => host.Services.GetRequiredKeyedService<IGrainStorage>("Default");

    public static IGrainFactory Actors(this IHost host) => host.Services.GetRequiredService<IGrainFactory>();

    public static async Task StopAndDisposeAsync(this IHost host)
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
