using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SchoolHome.Silo.Storage;

/// <summary>The certificate that the Data Protection keys are encrypted with, so that a stolen database or backup forges no cookies.</summary>
internal static class KeyCertificate
{
    private const string MadeHere = "keys.pfx";

    /// <exception cref="InvalidOperationException">There is none, or it cannot be read.</exception>
    public static X509Certificate2 Load(StorageOptions options, TimeProvider clock)
    {
        if (options.KeyCertificatePath is { Length: > 0 } path)
            return Read(path, options.KeyCertificatePassword);

        if (options.Database is not DatabaseKind.Sqlite)
        {
            throw new InvalidOperationException(
                "Web processes that share a database need a certificate to encrypt the keys behind their cookies with: "
                + "set SchoolHome:KeyCertificatePath to a PKCS #12 file (with its private key), the same for all of them.");
        }

        var made = Path.Combine(options.DataFolder, MadeHere);
        if (!File.Exists(made)) Make(options.DataFolder, made, clock);
        return Read(made, password: null);
    }

    private static X509Certificate2 Read(string path, string? password)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadPkcs12FromFile(path, password);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The key certificate {path} cannot be read: {exception.Message}", exception);
        }

        if (certificate.HasPrivateKey) return certificate;
        certificate.Dispose();
        throw new InvalidOperationException($"The key certificate {path} has no private key: what it encrypted could never be read again.");
    }

    private static void Make(string folder, string path, TimeProvider clock)
    {
        DataFolder.Create(folder);
        using var key = RSA.Create(3072);
        var request = new CertificateRequest("CN=SchoolHome keys", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = clock.GetUtcNow();
        // Nobody verifies its dates: it is a pair of keys in a file that others can read.
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(30));

        // Written under another name and moved, so that a crash leaves no half file under this one.
        var draft = $"{path}.{Guid.NewGuid():N}";
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, create))
        {
            file.Write(certificate.Export(X509ContentType.Pkcs12));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path);
    }
}
