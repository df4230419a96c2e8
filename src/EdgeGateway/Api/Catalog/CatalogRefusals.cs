using EdgeGateway.Registry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Catalog;

/// <summary>Answers with what the registry made of a write, or why it refused.</summary>
internal static class CatalogRefusals
{
    public static async Task<Results<Ok<TOut>, ProblemHttpResult>> AnswerAsync<T, TOut>(this Task<RegistryResult<T>> write, Func<T, TOut> answer) => await write switch
    {
        RegistryResult<T>.Done done => TypedResults.Ok(answer(done.Value)),
        RegistryResult<T>.Refused refused => ToProblem(refused.Error),
        _ => throw new InvalidOperationException("a result is done or refused"),
    };

    /// <summary>204 whether or not there was anything to do.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> AnswerAsync(this Task<RegistryResult<bool>> write) => await write switch
    {
        RegistryResult<bool>.Refused refused => ToProblem(refused.Error),
        _ => TypedResults.NoContent(),
    };

    private static ProblemHttpResult ToProblem(RegistryError error) => error.Kind switch
    {
        RegistryErrorKind.ResourceNotFound => Problems.Problem(StatusCodes.Status404NotFound, "Not found", error.Message),
        RegistryErrorKind.ResourceAlreadyExists or RegistryErrorKind.VersionConflict or RegistryErrorKind.LimitExceeded => Problems.Conflict(error.Message),
        _ => Problems.BadRequest(error.Message),
    };
}
