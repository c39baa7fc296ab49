using System.Data.Common;
using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace SchoolHome.Silo.Storage;

/// <summary>
/// The keys behind cookies and antiforgery tokens in a table of ours, so that who signed in on one web process is known on the other.
/// The interface is synchronous and asked before the silo runs, so no actor keeps them. What is stored has been encrypted before it comes here.
/// </summary>
internal sealed class DataProtectionKeys(SchoolDatabase database, TimeProvider clock) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = database.DataSource.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Xml FROM DataProtectionKeys ORDER BY Id";
        using var reader = command.ExecuteReader();
        var elements = new List<XElement>();
        while (reader.Read()) elements.Add(XElement.Parse(reader.GetString(0)));
        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = database.DataSource.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO DataProtectionKeys (FriendlyName, Xml, CreatedAt) VALUES (@FriendlyName, @Xml, @CreatedAt)";
        Add(command, "FriendlyName", friendlyName ?? "");
        Add(command, "Xml", element.ToString(SaveOptions.DisableFormatting));
        var now = clock.GetUtcNow();
        Add(command, "CreatedAt", database.Kind is DatabaseKind.Postgres ? now : now.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        _ = command.ExecuteNonQuery();
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        _ = command.Parameters.Add(parameter);
    }
}
