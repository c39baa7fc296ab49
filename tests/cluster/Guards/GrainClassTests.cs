using System.Reflection;
using Orleans.Runtime;
using SchoolHome.Grains;
using SchoolHome.Grains.CoEditing;

namespace SchoolHome.Tests.Guards;

/// <summary>Names that are in stored rows and on the wire, held against a list: they are added to, never changed.</summary>
public sealed class GrainClassTests
{
    /// <summary>The type of an actor and the name of its state. An actor without a state keeps nothing.</summary>
    private static readonly string[] TypesAndStates =
    [
        "account: account",
        "api-token: api-token",
        "audit-chunk: audit-chunk",
        "audit-log: audit-log",
        "book-month: book-month",
        "book-page: book-page, book-page-tail",
        "class-book: class-book",
        "class-day: class-day",
        "class-sheet: class-sheet, class-sheet-tail",
        "class: class",
        "district: district",
        "guardian: guardian",
        "import-part: import-part",
        "import: import",
        "invitation: invitation",
        "leavers: leavers",
        "live-directory: live-directory",
        "live-renewal: ",
        "login-name: login-name",
        "outbox-watch: outbox-watch",
        "school: school",
        "sheet-draft: sheet-draft",
        "sheet-templates: sheet-templates",
        "staff: staff",
        "student: student",
        "teacher: teacher",
        "text-history: text-history",
        "text-message: ",
    ];

    private static IEnumerable<Type> GrainClasses => typeof(SchoolClock).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(Grain)));

    public static IEnumerable<(string Name, Type State)> States =>
        GrainClasses.SelectMany(type => type.GetConstructors().SelectMany(constructor => constructor.GetParameters()))
            .Where(parameter => parameter.GetCustomAttribute<PersistentStateAttribute>() is not null)
            .Select(parameter => (parameter.GetCustomAttribute<PersistentStateAttribute>()!.StateName, parameter.ParameterType.GetGenericArguments()[0]));

    [Fact]
    public void Every_actor_is_internal_sealed_and_named() =>
        Assert.All(GrainClasses, type =>
        {
            Assert.True(type.IsNotPublic && type.IsSealed, $"{type} is not internal sealed.");
            Assert.True(type.GetCustomAttribute<GrainTypeAttribute>() is not null, $"{type} has no [GrainType].");
        });

    [Fact]
    public void The_names_of_actors_and_states_are_those_that_rows_have()
    {
        var found = GrainClasses.Select(type =>
        {
            var states = type.GetConstructors().Single().GetParameters().Select(parameter => parameter.GetCustomAttribute<PersistentStateAttribute>()?.StateName).OfType<string>();
            return $"{type.GetCustomAttribute<GrainTypeAttribute>()!.GetGrainType(null!, type)}: {string.Join(", ", states)}";
        });

        Assert.Equal(TypesAndStates, found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_two_actors_share_the_name_of_a_state()
    {
        // The provider stores the state's name, not the actor's type: two of one name would read each other's rows.
        var names = States.Select(state => state.Name).ToArray();

        Assert.Equal(names.Distinct(), names);
        // A tail is the same, whichever document it belongs to.
        var types = States.Select(state => state.State).Where(state => state != typeof(TextTail)).ToArray();
        Assert.Equal(types.Distinct(), types);
    }

    [Fact]
    public void Every_state_is_a_sealed_type_of_our_own_with_a_schema() =>
        Assert.All(States, state =>
        {
            Assert.True(state.State is { IsSealed: true, IsNotPublic: true } && state.State.Assembly == typeof(SchoolClock).Assembly, $"{state.State} is not internal sealed.");
            Assert.Equal(typeof(int), state.State.GetProperty("Schema")?.PropertyType);
        });

    [Fact]
    public void Every_interface_of_an_actor_has_a_name_of_its_own_on_the_wire()
    {
        var interfaces = typeof(KeyKinds).Assembly.GetTypes().Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable))).ToArray();

        Assert.NotEmpty(interfaces);
        Assert.All(interfaces, type => Assert.NotNull(type.GetCustomAttribute<GrainInterfaceTypeAttribute>()));
        Assert.All(interfaces, type => Assert.All(
            type.GetMethods().Where(method => !method.IsStatic), method => Assert.True(method.GetCustomAttribute<AliasAttribute>() is not null, $"{type}.{method.Name} has no [Alias].")));
    }
}
