//! `/oauth2/userinfo` (Core §5.3), by GET and POST.

use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use idp::UserInfo;
use oidc::scope;

use crate::answer;
use crate::app::App;
use crate::presented::{Token, refused, required, with_nonce};
use crate::visit::Trace;

pub(crate) async fn userinfo(
    State(app): State<App>,
    Extension(Trace(trace)): Extension<Trace>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let token = required(&trace, Token::of(&method, &headers, &body))?;
    let response = match app.context().userinfo(&token.at("/oauth2/userinfo")).await {
        Ok(UserInfo::Plain(claims)) => answer::json(StatusCode::OK, serde_json::Value::Object(claims).to_string()),
        Ok(UserInfo::Signed(jwt)) => {
            let mut response = answer::json(StatusCode::OK, jwt);
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/jwt"));
            response
        }
        Err(error) => refused(&trace, &error, Some(&token), scope::OPENID),
    };
    Ok(with_nonce(&app, &headers, response))
}
