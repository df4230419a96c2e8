using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>The one place that words the errors of the gateway's own API (RFC 9457).</summary>
internal static class Problems
{
    public static ProblemHttpResult NotFound(string kind, string name) => Problem(StatusCodes.Status404NotFound, "Not found", $"there is no {kind} '{name}'");

    public static ProblemHttpResult BadRequest(string detail) => Problem(StatusCodes.Status400BadRequest, "Bad request", detail);

    public static ProblemHttpResult Conflict(string detail) => Problem(StatusCodes.Status409Conflict, "Conflict", detail);

    public static ProblemHttpResult Unavailable(string detail) => Problem(StatusCodes.Status503ServiceUnavailable, "Unavailable", detail);

    public static ProblemHttpResult SignIn() => Problem(StatusCodes.Status401Unauthorized, "Sign in", "sign in with a user made by 'edgegateway user add NAME'");

    public static ProblemHttpResult Forged() =>
        Problem(StatusCodes.Status403Forbidden, "Token missing", "a signed-in page sends the session's token in the header X-EdgeGateway-Token with whatever changes something");

    public static ProblemHttpResult NotYours(string name, string role) =>
        Problem(StatusCodes.Status403Forbidden, "Not allowed", $"'{name}' may not do this: it takes the role {role}");

    public static ProblemHttpResult Forbidden(string detail) => Problem(StatusCodes.Status403Forbidden, "Not allowed", detail);

    public static ProblemHttpResult ForeignHost(string host) =>
        Problem(StatusCodes.Status403Forbidden, "Foreign host", $"'{host}' is not a name of this gateway: use its address or host name (a page elsewhere may be trying to reach it)");

    public static ProblemHttpResult ForeignOrigin(string origin) =>
        Problem(StatusCodes.Status403Forbidden, "Foreign origin", $"a page of '{origin}' may not speak to this gateway");

    public static ProblemHttpResult Problem(int status, string title, string detail) => TypedResults.Problem(detail, statusCode: status, title: title);
}
