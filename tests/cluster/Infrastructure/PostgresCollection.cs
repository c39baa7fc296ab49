namespace SchoolHome.Tests.Infrastructure;

public sealed partial class PostgresServer : IAsyncLifetime;

/// <summary>Tests in this collection share one server; each creates databases of its own.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
