using System.Text;
using EdgeGateway.Configuration;
using EdgeGateway.Jobs;
using EdgeGateway.Rules.Objects;

namespace EdgeGateway.Api.Aws;

/// <summary>Where a job's document comes from: the request, an object that the gateway keeps in place of S3, or a template.</summary>
internal sealed class JobDocuments(IJobs jobs, IObjects objects, GatewayOptions gateway)
{
    /// <returns>The document, and its source where it was not given.</returns>
    /// <exception cref="AwsException">Neither or both are given, or there is no such object.</exception>
    public (string Document, string? Source) Read(AwsObject body) => (body.String("document"), body.String("documentSource")) switch
    {
        ({ } document, null) => (document, null),
        (null, { } source) => (FromObject(source), source),
        (null, null) => throw AwsException.InvalidRequest("document or documentSource is missing"),
        _ => throw AwsException.InvalidRequest("document and documentSource are both given, expected one"),
    };

    /// <exception cref="AwsException">It is no template's ARN, or there is none.</exception>
    public JobTemplate Template(string arn)
    {
        var prefix = gateway.Arn("jobtemplate/");
        if (!arn.StartsWith(prefix, StringComparison.Ordinal))
            throw AwsException.InvalidRequest($"jobTemplateArn is '{arn}', expected {prefix}ID");
        return jobs.FindTemplate(arn[prefix.Length..]) ?? throw AwsException.NotFound($"job template {arn[prefix.Length..]} is not there");
    }

    // s3://BUCKET/KEY, https://BUCKET.s3.REGION.amazonaws.com/KEY or https://s3.REGION.amazonaws.com/BUCKET/KEY
    private string FromObject(string source)
    {
        if (!Uri.TryCreate(source, UriKind.Absolute, out var uri) || uri.Scheme is not ("s3" or "https"))
            throw AwsException.InvalidRequest($"documentSource is '{source}', expected s3://BUCKET/KEY or https://BUCKET.s3.REGION.amazonaws.com/KEY: an object that this gateway keeps");
        var path = Uri.UnescapeDataString(uri.AbsolutePath).TrimStart('/');
        var dot = uri.Host.IndexOf(".s3", StringComparison.Ordinal);
        var (bucket, key) = uri.Scheme == "s3" ? (uri.Host, path) : dot > 0 ? (uri.Host[..dot], path) : path.Split('/', 2) is [var first, var rest] ? (first, rest) : (path, "");
        using var stream = objects.Open(bucket, key) ?? throw AwsException.NotFound($"documentSource: there is no object {key} in the bucket {bucket} ('edgegateway object list' shows them)");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
