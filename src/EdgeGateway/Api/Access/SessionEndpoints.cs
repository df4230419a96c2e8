using System.Globalization;
using EdgeGateway.Identity.Credentials;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Access;

/// <summary>Signing in and out with a browser, and claiming a gateway that nobody owns yet. Open to everybody: they are the door.</summary>
internal static class SessionEndpoints
{
    public const string SessionPath = "/edge/v1/session";
    public const string ClaimPath = "/edge/v1/claim";

    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(SessionPath, Get).WithTags("Session");
        routes.MapPost(SessionPath, SignInAsync).WithTags("Session");
        routes.MapDelete(SessionPath, SignOut).WithTags("Session");
        routes.MapPost(ClaimPath, ClaimAsync).AddEndpointFilter<IdentityRefusals>().WithTags("Session");
    }

    private static Ok<SessionResponse> Get(HttpContext http, ConsoleSessions sessions, IPeople people)
    {
        var caller = http.Features.Get<Caller>();
        return TypedResults.Ok(new SessionResponse(caller?.Actor, caller?.Role?.ToWire(), sessions.Find(http.Request)?.Token, people.ClaimCode is not null));
    }

    private static async Task<Results<Ok<SessionResponse>, ProblemHttpResult>> SignInAsync(
        SignInRequest request, HttpContext http, ConsoleSessions sessions, IPeople people, CancellationToken cancellationToken) =>
        Answer(http, sessions, await people.SignInAsync(request.Name, request.Password, http.Connection.RemoteIpAddress, cancellationToken), "name or password is wrong");

    private static async Task<Results<Ok<SessionResponse>, ProblemHttpResult>> ClaimAsync(
        ClaimRequest request, HttpContext http, ConsoleSessions sessions, IPeople people, CancellationToken cancellationToken)
    {
        if (people.ClaimCode is null)
            return Problems.Conflict("this gateway is claimed already: sign in, or ask its administrator");
        return Answer(
            http, sessions, await people.ClaimAsync(request.Code, request.Name, request.Password, http.Connection.RemoteIpAddress, cancellationToken),
            "the code is wrong: 'edgegateway status' on the gateway shows it");
    }

    private static NoContent SignOut(HttpContext http, ConsoleSessions sessions)
    {
        sessions.Close(http);
        return TypedResults.NoContent();
    }

    private static Results<Ok<SessionResponse>, ProblemHttpResult> Answer(HttpContext http, ConsoleSessions sessions, SignInResult result, string refusal)
    {
        switch (result)
        {
            case SignInResult.Accepted { Person: var person }:
                var session = sessions.Open(http, person);
                return TypedResults.Ok(new SessionResponse(person.Name, person.Role.ToWire(), session.Token, IsUnclaimed: false));
            case SignInResult.SlowDown { RetryAfter: var wait }:
                http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return Problems.Problem(StatusCodes.Status429TooManyRequests, "Too many attempts", $"too many attempts from your address: try again in {Math.Ceiling(wait.TotalSeconds)} s");
            default:
                return Problems.Problem(StatusCodes.Status401Unauthorized, "Not signed in", refusal);
        }
    }
}
