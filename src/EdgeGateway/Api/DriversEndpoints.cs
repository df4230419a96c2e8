using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>The drivers there are, for the console.</summary>
internal static class DriversEndpoints
{
    public static void MapDrivers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/edge/v1/drivers", GetAll).WithTags("Drivers");
        routes.MapGet("/edge/v1/drivers/{driverName}", Get).WithTags("Drivers");
    }

    private static Ok<DriverResponse[]> GetAll() => TypedResults.Ok(DriverResponse.All());

    private static Results<Ok<DriverResponse>, ProblemHttpResult> Get(string driverName) =>
        DriverResponse.All().FirstOrDefault(driver => driver.Name == driverName) is { } driver ? TypedResults.Ok(driver) : Problems.NotFound("driver", driverName);
}
