namespace EdgeGateway.Api;

/// <summary>The description of the gateway's own API; AWS's is published elsewhere.</summary>
internal static class OpenApiDocuments
{
    public const string Path = "/openapi.json";

    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services) => services.AddOpenApi(static options =>
    {
        options.ShouldInclude = static description => description.RelativePath?.StartsWith("edge/", StringComparison.Ordinal) ?? false;
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info = new() { Title = "EdgeGateway", Version = ProductVersion.Current, Description = "The gateway's own API. Errors are problem details (RFC 9457)." };
            document.Servers = [];
            return Task.CompletedTask;
        });
    });
}
