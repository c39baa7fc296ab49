using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.Web.Edge;
using SchoolHome.Web.People;

namespace SchoolHome.Web.Demo;

/// <summary>The sign-in cards of the demo school. They are there only where the demo is on.</summary>
internal static class DemoEndpoints
{
    public static IEndpointRouteBuilder MapDemo(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/demo").WithTags("Demo").AddEndpointFilter(async (invocation, next) =>
            invocation.HttpContext.RequestServices.GetRequiredService<DemoMode>().IsOn ? await next(invocation) : Problems.Missing(invocation.HttpContext));
        group.MapGet("/cards", Cards).WithName("GetDemoCards");
        group.MapPost("/sign-in", SignInByCard).WithName("SignInByDemoCard");
        return routes;
    }

    private static async Task<Results<Ok<ImmutableArray<DemoCardView>>, ProblemHttpResult>> Cards(HttpContext context, AccountStore accounts)
    {
        var english = Texts.LanguageOf(context) == Texts.English;
        var cards = ImmutableArray.CreateBuilder<DemoCardView>();
        foreach (var card in DemoSchool.Cards)
        {
            if (await accounts.Find(card.Login) is { } account)
                cards.Add(new(card.Card, account.Credentials.Name, english ? card.EnglishTitle : card.Title, card.Hint));
        }

        return TypedResults.Ok(cards.DrainToImmutable());
    }

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> SignInByCard(DemoSignInCommand command, HttpContext context, AccountStore accounts, SessionViews sessions)
    {
        var card = DemoSchool.Cards.FirstOrDefault(one => one.Card == command.Card);
        if (card is null || await accounts.Find(card.Login) is not { } account)
            return Problems.Missing(context);

        await SignIn.Begin(context, account);
        return TypedResults.Ok(await sessions.Of(context));
    }
}

/// <param name="Card">Which one.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Title">What they are, in the reader's language.</param>
/// <param name="Hint">Whose, or where.</param>
internal sealed record DemoCardView(string Card, string Name, string Title, string Hint);

internal sealed record DemoSignInCommand(string Card);
