//! GraphiQL for browsers: a page that loads nothing from other sites.

use reqwest::Response;

use crate::support::App;

/// The Accept header of a browser.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

async fn page(app: &App) -> Response {
    app.client.get(format!("{}/graphql", app.address)).header("accept", BROWSER).send().await.unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

on_sqlite! {
    async fn a_browser_finds_a_page_whose_every_file_is_served_here(app: App) {
        let answer = page(&app).await;
        assert_eq!((answer.status().as_u16(), header(&answer, "content-type")), (200, "text/html; charset=utf-8"));
        let policy = header(&answer, "content-security-policy").to_owned();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        let text = answer.text().await.unwrap();
        let addresses = text.split('"').filter(|part| part.contains('/') && !part.contains(['<', ' ']));
        let mut count = 0;
        for address in addresses {
            assert!(address.starts_with("/graphql/assets/"), "{address} is of another host");
            let file = app.get(address).await;
            let wanted = if address.ends_with(".css") { "text/css; charset=utf-8" } else { "text/javascript; charset=utf-8" };
            assert_eq!((file.status().as_u16(), header(&file, "content-type")), (200, wanted), "{address}");
            assert!(!file.bytes().await.unwrap().is_empty());
            count += 1;
        }
        assert_eq!(count, 6);
    }

    async fn what_a_browser_has_is_not_sent_again(app: App) {
        for (name, fresh) in [("graphiql-3.9.0.min.js", "public, max-age=31536000"), ("page.js", "public, no-cache")] {
            let url = format!("{}/graphql/assets/{name}", app.address);
            let first = app.client.get(&url).send().await.unwrap();
            assert_eq!(header(&first, "cache-control"), fresh, "{name}");
            let tag = header(&first, "etag").to_owned();
            for (known, status) in [(tag.as_str(), 304), ("*", 304), ("\"other\"", 200)] {
                let again = app.client.get(&url).header("if-none-match", known).send().await.unwrap();
                assert_eq!((again.status().as_u16(), header(&again, "etag")), (status, tag.as_str()), "{name} {known}");
            }
        }
        assert_eq!(app.get("/graphql/assets/nosuch.js").await.status(), 404);
        assert_eq!(app.get("/graphql/assets/..%2fpage.html").await.status(), 404);
    }

    settings("graphiql = false")
    async fn it_can_be_turned_off(app: App) {
        assert_eq!((page(&app).await.status().as_u16(), header(&page(&app).await, "content-type")), (400, "application/json; charset=utf-8"));
        assert_eq!(app.get("/graphql/assets/page.js").await.status(), 404);
        let asked = app.client.get(format!("{}/graphql?query={{__typename}}", app.address)).header("accept", BROWSER);
        assert_eq!(header(&asked.send().await.unwrap(), "content-type"), "application/json; charset=utf-8");
    }
}
