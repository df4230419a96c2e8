namespace EdgeGateway.Rules;

/// <summary>Why a request about a rule or table was refused; the API gives each AWS's name and status (AWS IoT API, TopicRulePayload).</summary>
public enum RuleErrorKind
{
    /// <summary>400: SQL or a template that does not parse.</summary>
    SqlParse,

    /// <summary>400.</summary>
    InvalidRequest,

    /// <summary>409.</summary>
    AlreadyExists,

    /// <summary>AWS answers 401 UnauthorizedException for rules.</summary>
    NotFound,

    /// <summary>409: the rule belongs to a file of the configuration.</summary>
    Conflict,
}
