using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.SignalR;
using Microsoft.OpenApi;
using SchoolHome.Live;
using SchoolHome.Web.ContactBook;
using SchoolHome.Web.Demo;
using SchoolHome.Web.Live;
using SchoolHome.Web.People;
using SchoolHome.Web.People.Import;
using SchoolHome.Web.School;

namespace SchoolHome.Web.Edge;

/// <summary>The edge as a whole: what every endpoint shares sits on the one group, so that a new endpoint inherits it.</summary>
internal static class Api
{
    public static IServiceCollection AddSchoolHomeApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddExceptionHandler<FaultHandler>();
        services.ConfigureHttpJsonOptions(options => LiveJson.Apply(options.SerializerOptions));
        services.AddAntiforgery(options =>
        {
            options.HeaderName = Security.AntiforgeryHeader;
            options.Cookie.Name = "schoolhome-antiforgery";
            options.Cookie.SameSite = SameSiteMode.Strict;
        });
        services.AddOpenApi(options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "SchoolHome";
            document.Info.Version = "1";
            // Where this process happens to listen is no part of the contract.
            document.Servers?.Clear();
            // Where a word may be missing, the place says so; the words themselves do not hold nothing, or it would seem to be allowed everywhere (dotnet/aspnetcore#65017).
            foreach (var words in document.Components?.Schemas?.Values.OfType<OpenApiSchema>().Where(schema => schema.Enum is { Count: > 0 }) ?? [])
                words.Enum = [.. words.Enum!.Where(word => word is not null && !word.IsJsonNullSentinel())];
            return Task.CompletedTask;
        }));
        services.AddSingleton<PeopleNames>();
        services.AddSingleton<PeopleSearch>();
        services.AddSingleton<Families>();
        services.AddSingleton<Administrators>();
        services.AddSingleton<AuditViews>();
        services.AddSingleton<DemoMode>();
        services.AddSingleton<SessionViews>();
        services.AddSingleton<RosterImports>();
        services.AddSingleton<SchoolPeople>();
        services.AddSingleton<ChildBooks>();
        services.AddSingleton<DemoPages>();
        services.AddHostedService<DemoSchool>();
        services.AddHostedService<SetupTokens>();
        return services;
    }

    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<HubLifetimeManager<LiveHub>, LiveConnections>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
        services
            .AddSignalR(options =>
            {
                // A larger message ends the connection, for it cannot even be read. The hub answers a push above LiveLimits.MessageBytes with a code (L9).
                options.MaximumReceiveMessageSize = 4 * LiveLimits.MessageBytes;
                // A push must not hold up a join (L9).
                options.MaximumParallelInvocationsPerClient = 8;
                // A cut network is noticed within seconds, on both ends.
                options.KeepAliveInterval = TimeSpan.FromSeconds(4);
                options.ClientTimeoutInterval = TimeSpan.FromSeconds(12);
            })
            .AddJsonProtocol(options => LiveJson.Apply(options.PayloadSerializerOptions));
        return services;
    }

    public static WebApplication MapSchoolHomeApi(this WebApplication app)
    {
        var api = app.MapGroup("/api")
            .KeepProgramsToTheirScopes()
            .RequireAntiforgery()
            .KeepToTheirAccount()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapSession();
        api.MapJoin();
        api.MapApiTokens();
        api.MapSetup();
        api.MapDemo();
        api.MapContactBook();
        api.MapPeople();
        api.MapSchools();
        api.MapDistrict();
        api.MapImports();
        app.MapHub<LiveHub>("/live", options => options.Transports = Microsoft.AspNetCore.Http.Connections.HttpTransportType.WebSockets);
        app.MapOpenApi("/openapi.json");
        return app;
    }
}
