using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SchoolHome.Silo;
using SchoolHome.Silo.Storage;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Storage;

[Collection(PostgresCollection.Name)]
public sealed class DataProtectionKeysTests(PostgresServer server)
{
    /// <summary>A web process, as far as its keys go: services of its own over the same database.</summary>
    private static async Task<ServiceProvider> WebAsync(TestDatabase database, params (string Name, string Value)[] more)
    {
        var builder = database.Builder(more);
        _ = builder.AddSchoolHomeDataProtection(builder.Configuration);
        var web = builder.Services.BuildServiceProvider();
        _ = await SchemaMigrations.ApplyAsync(web.GetRequiredService<SchoolDatabase>(), default);
        return web;
    }

    private static IDataProtector Protector(ServiceProvider web) => web.GetRequiredService<IDataProtectionProvider>().CreateProtector("cookie");

    private static string WriteCertificate(TestDatabase database, string? password)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var path = Path.Combine(database.Folder, "given.pfx");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, password));
        return path;
    }

    private static async Task AssertEncryptedAsync(TestDatabase database)
    {
        var xml = Assert.Single(await database.ReadAsync("SELECT Xml FROM DataProtectionKeys"));
        Assert.Contains("<EncryptedData", xml, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", xml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_SQLite_they_are_encrypted_in_the_database_and_outlive_the_process()
    {
        using var database = TestDatabase.Sqlite();
        string cookie;
        await using (var web = await WebAsync(database)) cookie = Protector(web).Protect("account/7");

        await AssertEncryptedAsync(database);
        await using var restarted = await WebAsync(database);
        Assert.Equal("account/7", Protector(restarted).Unprotect(cookie));
    }

    [Fact]
    public async Task On_SQLite_nobody_else_may_read_the_certificate()
    {
        if (OperatingSystem.IsWindows()) return;
        using var database = TestDatabase.Sqlite();
        await using var web = await WebAsync(database);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(database.Folder, "keys.pfx")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a password")]
    public async Task On_PostgreSQL_what_one_web_process_protected_another_reads(string? password)
    {
        using var database = TestDatabase.Postgres(await server.CreateDatabaseAsync());
        (string, string)[] settings =
            [("SchoolHome:KeyCertificatePath", WriteCertificate(database, password)), .. password is null ? Array.Empty<(string, string)>() : [("SchoolHome:KeyCertificatePassword", password)]];
        await using var web = await WebAsync(database, settings);
        await using var other = await WebAsync(database, settings);

        var cookie = Protector(web).Protect("account/7");

        Assert.Equal("account/7", Protector(other).Unprotect(cookie));
        await AssertEncryptedAsync(database);
    }

    [Fact]
    public async Task On_PostgreSQL_a_missing_certificate_is_named_at_start()
    {
        using var database = TestDatabase.Postgres(await server.CreateDatabaseAsync());

        var missing = await Assert.ThrowsAsync<InvalidOperationException>(() => WebAsync(database));
        Assert.Contains("SchoolHome:KeyCertificatePath", missing.Message, StringComparison.Ordinal);
        var wrong = await Assert.ThrowsAsync<InvalidOperationException>(() => WebAsync(database, ("SchoolHome:KeyCertificatePath", "none.pfx")));
        Assert.Contains("none.pfx", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_certificate_does_not_open_them()
    {
        using var database = TestDatabase.Sqlite();
        string cookie;
        await using (var web = await WebAsync(database)) cookie = Protector(web).Protect("account/7");
        File.Delete(Path.Combine(database.Folder, "keys.pfx"));

        await using var stolen = await WebAsync(database);

        _ = Assert.Throws<CryptographicException>(() => Protector(stolen).Unprotect(cookie));
    }
}
