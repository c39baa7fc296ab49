using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace SchoolHome.Benchmarks.Import;

/// <summary>The limit: as many rows of the size of a person's record, written to SQLite by one writer in batches, durable as ours are.</summary>
internal static class BareUpserts
{
    private const int Batch = 100;

    public static double Seconds(int rows)
    {
        var folder = Directory.CreateTempSubdirectory("schoolhome-bare-");
        try
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, "bare.db")};Pooling=False");
            connection.Open();
            Do(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE record (key TEXT PRIMARY KEY, payload TEXT NOT NULL, version INTEGER NOT NULL)");
            var payload = new string('x', 1500);
            var clock = Stopwatch.StartNew();
            for (var from = 0; from < rows; from += Batch)
            {
                using var transaction = connection.BeginTransaction();
                using var command = connection.CreateCommand();
                command.CommandText = "INSERT INTO record VALUES ($key, $payload, 1) ON CONFLICT (key) DO UPDATE SET payload = excluded.payload, version = version + 1";
                var key = command.Parameters.Add("$key", SqliteType.Text);
                command.Parameters.AddWithValue("$payload", payload);
                for (var at = from; at < Math.Min(from + Batch, rows); at++)
                {
                    key.Value = $"student/s01/2026{at:000000}";
                    command.ExecuteNonQuery();
                }

                transaction.Commit();
            }

            return clock.Elapsed.TotalSeconds;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Do(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
