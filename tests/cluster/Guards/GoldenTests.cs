using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SchoolHome.Grains;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Tests.Guards;

/// <summary>Everything that was ever stored is read for ever. See Golden/README.md.</summary>
public sealed class GoldenTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden");

    public static TheoryData<string> StateNames => [.. GrainClassTests.States.Select(state => state.Name).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(StateNames))]
    public void The_newest_sample_of_a_state_is_what_is_written_today(string state)
    {
        var written = JsonSerializer.Serialize(Sample(state), TypeOf(state), StateJson.Options) + "\n";
        var newest = Versions(state).LastOrDefault();
        var golden = newest > 0 ? File.ReadAllBytes(FileOf(state, newest)) : [];
        if (golden.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(written)))
            return;

        var actual = Path.Combine(AppContext.BaseDirectory, FileName(state, newest + 1));
        File.WriteAllText(actual, written);
        Assert.Fail($"The state '{state}' is written in a new shape. If that is meant, and all older samples are still read, {actual} is the next sample; see Golden/README.md.");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_sample_that_was_ever_written_is_read_and_nothing_of_it_is_lost(string file)
    {
        var text = File.ReadAllText(Path.Combine(Folder, file));
        var type = TypeOf(file.Split(".v")[0]);

        var read = JsonSerializer.Deserialize(text, type, StateJson.Options)!;

        using var before = JsonDocument.Parse(text);
        using var after = JsonDocument.Parse(JsonSerializer.Serialize(read, type, StateJson.Options));
        AssertHolds(before.RootElement, after.RootElement, file);
    }

    [Theory]
    [MemberData(nameof(StateNames))]
    public void A_sample_sets_every_field(string state)
    {
        var (seen, set) = (new HashSet<PropertyInfo>(), new HashSet<PropertyInfo>());
        Walk(Sample(state), seen, set);

        Assert.Empty(seen.Except(set).Select(property => $"{property.DeclaringType!.Name}.{property.Name}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_kind_of_fact_is_in_some_sample()
    {
        var kinds = typeof(Fact).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(derived => $"\"fact\":\"{derived.TypeDiscriminator}\"");
        var samples = string.Concat(Directory.GetFiles(Folder, "*.json").Select(File.ReadAllText));

        Assert.All(kinds, kind => Assert.Contains(kind, samples, StringComparison.Ordinal));
        Assert.Equal(typeof(Fact).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(Fact))), kinds.Count());
    }

    [Fact]
    public void No_name_of_a_type_is_ever_stored() =>
        Assert.All(Directory.GetFiles(Folder, "*.json").Select(File.ReadAllText), text =>
        {
            Assert.DoesNotContain("SchoolHome", text, StringComparison.Ordinal);
            Assert.DoesNotContain("$type", text, StringComparison.Ordinal);
        });

    [Theory]
    [MemberData(nameof(StateNames))]
    public void A_record_that_was_read_sorts_like_one_that_was_made(string state)
    {
        // By the machine's language, records would be written in another order here and there, and compared slowly.
        var type = TypeOf(state);
        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(Sample(state), type, StateJson.Options), type, StateJson.Options)!;
        foreach (var property in type.GetProperties())
        {
            var comparer = property.PropertyType.Name switch
            {
                "ImmutableSortedDictionary`2" => property.PropertyType.GetProperty("KeyComparer"),
                "ImmutableSortedSet`1" => property.PropertyType.GetProperty("KeyComparer"),
                _ => null,
            };
            if (comparer is not null)
                Assert.Same(StringComparer.Ordinal, comparer.GetValue(property.GetValue(read)));
        }
    }

    private static object Sample(string state) => GoldenSamples.All.Single(sample => sample.State == state).Sample;

    private static Type TypeOf(string state) => GrainClassTests.States.Single(one => one.Name == state).State;

    private static IEnumerable<int> Versions(string state) =>
        Directory.GetFiles(Folder, $"{state}.v*.json").Select(file => int.Parse(Path.GetFileNameWithoutExtension(file).Split(".v")[1], CultureInfo.InvariantCulture)).Order();

    private static string FileOf(string state, int version) => Path.Combine(Folder, FileName(state, version));

    private static string FileName(string state, int version) => string.Create(CultureInfo.InvariantCulture, $"{state}.v{version}.json");

    private static void AssertHolds(JsonElement before, JsonElement after, string where)
    {
        Assert.True(before.ValueKind == after.ValueKind, $"{where} was {before.ValueKind} and is {after.ValueKind}.");
        switch (before.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in before.EnumerateObject())
                {
                    Assert.True(after.TryGetProperty(property.Name, out var kept), $"{where}.{property.Name} is lost.");
                    AssertHolds(property.Value, kept, $"{where}.{property.Name}");
                }

                break;
            case JsonValueKind.Array:
                Assert.Equal(before.GetArrayLength(), after.GetArrayLength());
                foreach (var (one, other) in before.EnumerateArray().Zip(after.EnumerateArray()))
                    AssertHolds(one, other, $"{where}[]");
                break;
            case JsonValueKind.Undefined or JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null:
                Assert.True(before.GetRawText() == after.GetRawText(), $"{where} was {before.GetRawText()} and is {after.GetRawText()}.");
                break;
            default:
                throw new InvalidOperationException($"No JSON: {before.ValueKind}");
        }
    }

    /// <summary>Notes which properties of our own types there are, and which are set somewhere in the sample.</summary>
    private static void Walk(object? value, HashSet<PropertyInfo> seen, HashSet<PropertyInfo> set)
    {
        if (value is null or string)
            return;
        if (value is IEnumerable many)
        {
            foreach (var one in many)
                Walk(one, seen, set);
            return;
        }

        var type = value.GetType();
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
        {
            Walk(type.GetProperty("Value")!.GetValue(value), seen, set);
            return;
        }

        var ours = type.Assembly == typeof(SchoolClock).Assembly || type.Assembly == typeof(KeyKinds).Assembly;
        if (!ours || type.IsEnum || type.GetCustomAttribute<JsonConverterAttribute>() is not null)
            return;

        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetCustomAttribute<JsonIgnoreAttribute>() is null))
        {
            _ = seen.Add(property);
            var field = property.GetValue(value);
            if (!IsUnset(field))
                _ = set.Add(property);
            Walk(field, seen, set);
        }
    }

    private static bool IsUnset(object? value) => value switch
    {
        null or "" or false or 0 or 0L => true,
        // The first name of an enum is as good as any.
        Enum => false,
        IEnumerable many => !many.Cast<object>().Any(),
        _ => false,
    };
}
