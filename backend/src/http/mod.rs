//! temporary
pub mod openapi { pub fn document() -> utoipa::openapi::OpenApi { utoipa::openapi::OpenApi::default() } }
pub fn serve(_s: crate::state::AppState, l: std::net::TcpListener) -> std::io::Result<actix_web::dev::Server> { Ok(actix_web::HttpServer::new(actix_web::App::new).listen(l)?.run()) }
pub fn serve_admin(s: crate::state::AppState, l: std::net::TcpListener) -> std::io::Result<actix_web::dev::Server> { serve(s,l) }
