namespace SchoolHome.Tests.Infrastructure;

/// <summary>The demo school where the district has an identity provider and a gateway for text messages.</summary>
public sealed class ConnectedSchool : IAsyncLifetime
{
    internal const string Name = "青禾区统一认证";

    internal WebProcess Web { get; private set; } = null!;

    internal IdentityProvider Provider { get; private set; } = null!;

    internal TextMessages Messages { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Provider = await IdentityProvider.StartAsync();
        Messages = new TextMessages();
        Web = await WebProcess.StartAsync(
            "Development",
            ("SchoolHome:OpenId:Authority", Provider.Address.ToString()),
            ("SchoolHome:OpenId:ClientId", IdentityProvider.ClientId),
            ("SchoolHome:OpenId:ClientSecret", IdentityProvider.ClientSecret),
            ("SchoolHome:OpenId:Name", Name),
            ("SchoolHome:OpenId:StaffNumberClaim", IdentityProvider.StaffNumberClaim),
            ("SchoolHome:OpenId:School", "s01"),
            ("SchoolHome:TextMessages:Url", Messages.Url),
            ("SchoolHome:TextMessages:Token", TextMessages.Token));
    }

    public async Task DisposeAsync()
    {
        await Web.DisposeAsync();
        await Messages.DisposeAsync();
        await Provider.DisposeAsync();
    }

    internal Task<Person> Visit() => Person.Visit(Web.Address);
}

/// <summary>Tests in this collection share one connected school.</summary>
[CollectionDefinition(Name)]
public sealed class ConnectedSchoolCollection : ICollectionFixture<ConnectedSchool>
{
    public const string Name = "Connected school";
}
